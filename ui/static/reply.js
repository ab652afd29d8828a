/* Répondre: marks painted behind the answer, keys, and clicks inside our HTML. */
(() => {
  const find = (selector) => document.querySelector(selector);
  const answer = () => find("#pv-answer textarea");
  let painted = { text: "", marks: [] };

  function layer() {
    const area = answer();
    if (!area) return null;
    let back = area.parentElement.querySelector(".pv-layer");
    if (back) return back;
    area.parentElement.classList.add("pv-field");
    back = document.createElement("div");
    back.className = "pv-layer";
    back.setAttribute("aria-hidden", "true");
    area.parentElement.insertBefore(back, area);
    area.addEventListener("scroll", () => (back.scrollTop = area.scrollTop));
    area.addEventListener("input", repaint);
    for (const event of ["click", "keyup"]) area.addEventListener(event, follow);
    new ResizeObserver(repaint).observe(area);
    return back;
  }

  function repaint() {
    const area = answer(), back = layer();
    if (!area || !back) return;
    const style = getComputedStyle(area);
    for (const name of ["font", "letterSpacing", "lineHeight", "padding", "borderWidth", "textAlign"])
      back.style[name] = style[name];
    back.style.borderStyle = "solid";
    back.style.borderColor = "transparent";
    back.style.height = area.offsetHeight + "px";
    back.replaceChildren();
    let at = 0;
    for (const mark of shifted(area.value)) {
      back.append(area.value.slice(at, mark.start));
      const node = document.createElement("mark");
      node.className = "pv-" + mark.level;
      node.dataset.finding = mark.finding;
      node.textContent = area.value.slice(mark.start, mark.end);
      back.append(node);
      at = mark.end;
    }
    back.append(area.value.slice(at) + "\n");
    back.scrollTop = area.scrollTop;
  }

  /* While the next check is under way, marks outside the edited stretch move with the text. */
  function shifted(text) {
    const old = painted.text;
    if (text === old) return painted.marks;
    let head = 0, tail = 0;
    const most = Math.min(text.length, old.length);
    while (head < most && text[head] === old[head]) head++;
    while (tail < most - head && text[text.length - 1 - tail] === old[old.length - 1 - tail]) tail++;
    const move = text.length - old.length;
    return painted.marks
      .filter((m) => m.end <= head || m.start >= old.length - tail)
      .map((m) => (m.end <= head ? m : { ...m, start: m.start + move, end: m.end + move }));
  }

  function follow() {
    const area = answer(), at = area.selectionStart;
    const mark = shifted(area.value).find((m) => m.start <= at && at <= m.end);
    for (const row of document.querySelectorAll("#pv-findings .pv-finding"))
      row.classList.toggle("pv-now", Boolean(mark) && row.dataset.finding === String(mark.finding));
    if (mark) find(`#pv-findings [data-finding="${mark.finding}"]`)?.scrollIntoView({ block: "nearest" });
  }

  window.pvMarks = (props, watch) => {
    const take = () => {
      if (!props.value) return;
      painted = JSON.parse(props.value);
      repaint();
      setTimeout(repaint, 60);
    };
    watch("value", take);
    take();
  };

  window.pvFindings = (element, trigger) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.fix !== undefined) trigger("click", { fix: Number(button.dataset.fix) });
      else if (button?.dataset.ignore !== undefined) trigger("select", { ignore: Number(button.dataset.ignore) });
      else if (button?.dataset.example !== undefined) window.pvWrite(find("#pv-comment textarea"), button.textContent.trim());
    });
    const show = (event) => {
      const row = event.target.closest(".pv-finding");
      for (const mark of document.querySelectorAll(".pv-layer mark"))
        mark.classList.toggle("pv-now", Boolean(row) && mark.dataset.finding === row.dataset.finding);
    };
    element.addEventListener("mouseover", show);
    element.addEventListener("focusin", show);
  };

  window.pvEvidence = () => {};

  window.pvCopy = async (text, said) => {
    await navigator.clipboard.writeText(text);
    const button = find("#pv-copy"), before = button.textContent;
    button.textContent = said;
    setTimeout(() => (button.textContent = before), 1500);
  };

  const press = (id) => find(id)?.click();
  document.addEventListener("keydown", (event) => {
    if (!find("#pv-answer")) return;
    const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
    if (command && key === "enter") press("#pv-go");
    else if (command && event.shiftKey && key === "c") press("#pv-copy");
    else if (command && event.shiftKey && key === "f") press("#pv-fix-all");
    else if (command && !event.shiftKey && key === "s") press("#pv-save");
    else return;
    event.preventDefault();
  });
})();
