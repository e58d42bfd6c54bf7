// A list of people to tick, from a file: a name is found as one types, and the ticks are counted. Nothing is sent.

const form = document.getElementById("picking");
const { sayFind, sayNobody, sayAll } = form.dataset;
const key = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const rows = [...form.querySelectorAll(".ticks li")].map((row) => [row, row.firstElementChild, key(row.textContent)]);
const make = (name, about) => Object.assign(document.createElement(name), about);

const counted = document.getElementById("ticked");
const count = () => {
  const ticked = rows.filter(([, box]) => box.checked).length;
  counted.textContent = ticked ? `\u00a0(${ticked})` : "";
};
form.addEventListener("change", count);
addEventListener("pageshow", count); // the browser may have brought the ticks back

const field = make("div", { className: "field" });
const input = make("input", { id: "find", type: "text", autocomplete: "off", spellcheck: false });
const nobody = make("p", { className: "hint", hidden: true, textContent: sayNobody });
nobody.setAttribute("role", "status");
input.addEventListener("input", () => {
  const words = key(input.value).split(/\s+/);
  let seen = 0;
  for (const [row, , text] of rows) seen += !(row.hidden = !words.every((word) => text.includes(word)));
  nobody.hidden = seen > 0;
});
input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
field.append(make("label", { htmlFor: "find", textContent: sayFind }), input, nobody);
if (sayAll) {
  const all = make("button", { type: "button", className: "link", textContent: sayAll });
  all.addEventListener("click", () => {
    for (const [row, box] of rows) if (!row.hidden && box.name === "take") box.checked = true;
    count();
  });
  field.append(all);
}
if (rows.length > 7) document.getElementById("take").before(field);
count();
