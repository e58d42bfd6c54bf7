// For scripts that send a form by themselves: what send.js tells of those it sends, so that phone.js hears of it.

/** `what`: "unsent", or "answered". Gives back what is known of this: `kept` once it waits in the phone; `until` when. */
export function tell(form, what, say) {
  const detail = { form, body: new FormData(form), waiting: true, kept: false, say, until: [] };
  form.dispatchEvent(new CustomEvent(what, { bubbles: true, detail }));
  return detail;
}
