// A tap on a part of the sheet opens it for writing. What is there stands in the list below the sheet too.

const around = document.getElementById("parts");
const { top, parts } = JSON.parse(around.dataset.parts); // [[line of the manuscript at which it begins, its address], ...]
const frame = document.getElementById("sheet");

around.classList.add("tapped"); // taps go through the frame, where no script of its own may run, to what is around it
document.getElementById("tap").hidden = document.getElementById("result").hidden;

around.addEventListener("click", (event) => {
  const place = frame.getBoundingClientRect();
  const [x, y] = [event.clientX - place.x - frame.clientLeft, event.clientY - place.y - frame.clientTop];
  const at = frame.contentDocument?.elementFromPoint(x, y);
  if (!at || x < 0 || y < 0) return;
  const line = Number(at.closest("[data-line]")?.dataset.line ?? 0);
  location.assign(parts.findLast(([begins]) => begins <= line)?.[1] ?? top);
});
