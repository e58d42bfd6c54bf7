// What the phone knows is proposed: the time zone of its clock, and the paper of the country. What somebody chose stays.

const [country, zone] = ["site_country", "site_time_zone"].map((id) => document.getElementById(id));
const papers = [...document.getElementsByName("site_paper")];
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (!zone.value && [...zone.options].some((one) => one.value === here)) zone.value = here;

let chosen = false;
for (const paper of papers) paper.addEventListener("change", () => { chosen = true; });
country.addEventListener("change", () => {
  const letter = country.dataset.letter.split(" ").includes(country.value);
  if (!chosen) for (const paper of papers) paper.checked = paper.value === (letter ? "letter" : "a4");
});
