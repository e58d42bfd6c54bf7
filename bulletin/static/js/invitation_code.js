// The code of a link stands behind its #, which no server sees: it goes into the field, out of the address, and on its
// way. That spends nothing: who asks, and what this is, stands on the page that comes.

const code = decodeURIComponent(location.hash.slice(1));
if (code) {
  document.getElementById("code").value = code;
  history.replaceState(null, "", location.pathname);
  const answer = document.getElementById("answer");
  answer.focus();
  answer.form.requestSubmit();
}
