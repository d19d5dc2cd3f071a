"use strict";
(() => {
  const rows = [...document.querySelectorAll("details.row")];
  const fold = (open) => rows.forEach((row) => {
    row.open = open || row.classList.contains("plumbing");
  });
  document.getElementById("expand").addEventListener("click", () => fold(true));
  document.getElementById("collapse").addEventListener("click", () => fold(false));

  // A link to a step opens what it lies in.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let row = target; row; row = row.parentElement) if (row.tagName === "DETAILS") row.open = true;
    target.scrollIntoView({ block: "center" });
    target.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  document.querySelectorAll("a.jump").forEach((link) => link.addEventListener("click", () => setTimeout(reveal)));
  reveal();

  document.querySelector("main").addEventListener("keydown", (event) => {
    const summary = event.target.closest("details.row > summary");
    if (!summary || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = summary.parentElement;
    const seen = [...document.querySelectorAll("details.row > summary")].filter((one) => one.offsetParent !== null && one.checkVisibility());
    const place = seen.indexOf(summary);
    let next = null;
    if (event.key === "ArrowDown") next = seen[place + 1];
    else if (event.key === "ArrowUp") next = seen[place - 1];
    else if (event.key === "ArrowRight") { if (row.open) next = seen[place + 1]; else row.open = true; }
    else if (event.key === "ArrowLeft") {
      if (row.open) row.open = false;
      else next = row.parentElement.closest("details.row:not(.plumbing)")?.querySelector("summary");
    } else return;
    event.preventDefault();
    next?.focus();
  });
})();
