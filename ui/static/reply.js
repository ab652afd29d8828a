/* Répondre: marks and sentences painted behind the answer, ties between text and evidence, keys. */
(() => {
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const answer = () => find("#pv-answer textarea");
  const here = () => Boolean(find("#pv-answer"));
  let painted = { text: "", marks: [], sentences: [] };
  let current = -1;

  /* -- the layer behind the text --------------------------------------------------------------- */
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
    area.addEventListener("input", () => (repaint(), recheck()));
    for (const event of ["click", "keyup"]) area.addEventListener(event, follow);
    area.addEventListener("mousemove", hover);
    area.addEventListener("mouseleave", () => tie(sentenceAt(area.selectionStart)));
    new ResizeObserver(repaint).observe(area);
    return back;
  }

  /* Gradio reports keys only: a paste, a dictation or a canned reply must be checked as well. */
  let tell = () => {}, waiting = 0, unsent = false;
  function recheck() {
    clearTimeout(waiting);
    unsent = true;
    waiting = setTimeout(() => ((unsent = false), tell("input")), 120);
  }

  const COPIED = ["font", "letterSpacing", "wordSpacing", "lineHeight", "padding", "textAlign", "textIndent", "tabSize"];

  function repaint() {
    const area = answer(), back = layer();
    if (!area || !back) return;
    const style = getComputedStyle(area);
    for (const name of COPIED) back.style[name] = style[name];
    back.style.left = area.offsetLeft + area.clientLeft + "px";
    back.style.top = area.offsetTop + area.clientTop + "px";
    back.style.width = area.clientWidth + "px"; // without the scroll bar, so that lines break alike
    back.style.height = area.clientHeight + "px";
    const text = area.value, marks = moved(painted.marks, text), sentences = moved(painted.sentences, text);
    const cuts = new Set([0, text.length]);
    for (const span of [...marks, ...sentences]) cuts.add(span.start).add(span.end);
    const places = [...cuts].sort((a, b) => a - b);
    back.replaceChildren();
    for (let i = 0; i + 1 < places.length; i++) {
      const inside = (span) => span.start <= places[i] && places[i] < span.end;
      const mark = marks.find(inside), sentence = sentences.find(inside);
      const node = document.createElement(mark ? "mark" : "span");
      node.textContent = text.slice(places[i], places[i + 1]);
      if (mark) Object.assign(node.dataset, { finding: mark.finding }), node.classList.add("pv-" + mark.level);
      if (sentence) node.dataset.sentence = sentence.sentence;
      node.classList.toggle("pv-tied", Boolean(sentence) && sentence.sentence === current);
      back.append(node);
    }
    back.append("\n");
    back.scrollTop = area.scrollTop;
  }

  /* While the next check is under way, spans outside the edited stretch move with the text. */
  function moved(spans, text) {
    const old = painted.text;
    if (text === old) return spans;
    let head = 0, tail = 0;
    const most = Math.min(text.length, old.length);
    while (head < most && text[head] === old[head]) head++;
    while (tail < most - head && text[text.length - 1 - tail] === old[old.length - 1 - tail]) tail++;
    const shift = text.length - old.length;
    return spans
      .filter((s) => s.end <= head || s.start >= old.length - tail)
      .map((s) => (s.end <= head ? s : { ...s, start: s.start + shift, end: s.end + shift }));
  }

  /* -- sentence and passage -------------------------------------------------------------------- */
  const spans = (name) => moved(painted[name], answer()?.value ?? "");
  const sentenceAt = (at) => spans("sentences").find((s) => s.start <= at && at < s.end)?.sentence ?? -1;
  const cardsOf = (number) =>
    number < 0 ? [] : all("#pv-evidence .pv-passage").filter((c) => numbers(c).includes(number));
  const numbers = (node) => (node.dataset.sentences || "").split(" ").filter(Boolean).map(Number);

  function tie(number, scroll = true) {
    if (number === current) return;
    current = number;
    for (const node of all(".pv-layer [data-sentence]"))
      node.classList.toggle("pv-tied", Number(node.dataset.sentence) === number);
    const cards = cardsOf(number);
    for (const card of all("#pv-evidence .pv-passage")) {
      card.classList.toggle("pv-now", cards.includes(card));
      for (const mark of card.querySelectorAll("mark"))
        mark.classList.toggle("pv-now", numbers(mark).includes(number));
    }
    if (scroll && matchMedia("(min-width: 901px)").matches) within(cards[0]);
  }

  /* Bring a card into view inside its column, never the page itself. */
  function within(card) {
    const column = find(".pv-side");
    if (!card || !column) return;
    const top = card.getBoundingClientRect().top - column.getBoundingClientRect().top;
    if (top < 0 || top + card.offsetHeight > column.clientHeight) column.scrollTop += top - 16;
  }

  function hover(event) {
    const over = all(".pv-layer [data-sentence]").find((node) =>
      [...node.getClientRects()].some(
        (r) => r.left <= event.clientX && event.clientX <= r.right && r.top <= event.clientY && event.clientY <= r.bottom,
      ),
    );
    tie(over ? Number(over.dataset.sentence) : sentenceAt(answer().selectionStart));
  }

  function follow() {
    const at = answer().selectionStart;
    tie(sentenceAt(at));
    const mark = spans("marks").find((m) => m.start <= at && at <= m.end);
    point(mark ? mark.finding : -1);
    if (mark) within(find(`#pv-findings [data-finding="${mark.finding}"]`));
  }

  function point(finding) {
    for (const node of all("#pv-findings .pv-finding, .pv-layer mark"))
      node.classList.toggle("pv-now", node.dataset.finding === String(finding));
  }

  function select(span) {
    const area = answer();
    if (!area || !span) return;
    area.focus();
    area.setSelectionRange(span.start, span.end);
    follow();
  }

  function step(list, forward) {
    const at = answer().selectionStart, sorted = [...list].sort((a, b) => a.start - b.start);
    if (!sorted.length) return;
    const next = forward ? sorted.find((s) => s.start > at) : sorted.filter((s) => s.start < at).at(-1);
    select(next || (forward ? sorted[0] : sorted.at(-1)));
  }

  /* -- what Gradio calls ----------------------------------------------------------------------- */
  window.pvMarks = (props, watch, trigger) => {
    const take = () => {
      if (!props.value) return;
      painted = JSON.parse(props.value);
      layer();
      current = -1;
      window.pvChecked = painted.text;
      if (painted.ticket?.reply) {
        window.pvKeep("pv-ticket", JSON.stringify(painted.ticket));
        // The field may still hold the text of before; only what was typed since is newer than the painted one.
        window.pvKeep("pv-answer", (unsent && answer()?.value) || painted.text);
      }
      repaint();
      setTimeout(repaint, 60);
    };
    tell = trigger;
    watch("value", take);
    take();
    const resume = () => {
      layer();
      const ticket = window.pvKept("pv-ticket"), text = window.pvKept("pv-answer");
      if (painted.ticket?.reply || answer()?.value) return;
      if (ticket || text) trigger("submit", { ticket: `{"ticket":${ticket || "null"}}`, text });
    };
    if (document.documentElement.classList.contains("pv-ready")) resume();
    else document.addEventListener("pv-restored", resume, { once: true });
  };

  window.pvFindings = (element, trigger) => {
    const fix = (button) => trigger("click", { fix: Number(button.dataset.fix) });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button"), row = event.target.closest(".pv-finding");
      if (button?.dataset.fix !== undefined) fix(button);
      else if (button?.dataset.ignore !== undefined) trigger("select", { ignore: Number(button.dataset.ignore) });
      else if (row) select(spans("marks").find((m) => String(m.finding) === row.dataset.finding));
    });
    element.addEventListener("keydown", (event) => {
      const row = event.target.closest(".pv-finding"), button = row?.querySelector("[data-fix]");
      if (event.key === "Enter" && event.target === row && button) fix(button), event.preventDefault();
      walk(event, ".pv-finding");
    });
    const show = (event) => point(event.target.closest(".pv-finding")?.dataset.finding ?? -1);
    element.addEventListener("mouseover", show);
    element.addEventListener("focusin", show);
  };

  window.pvEvidence = (element, trigger) => {
    const show = (event) => {
      const card = event.target.closest(".pv-passage");
      if (!card) return;
      current = -2; // a card may stand for several sentences
      for (const node of all(".pv-layer [data-sentence]"))
        node.classList.toggle("pv-tied", numbers(card).includes(Number(node.dataset.sentence)));
      for (const other of all("#pv-evidence .pv-passage")) other.classList.toggle("pv-now", other === card);
    };
    element.addEventListener("mouseover", show);
    element.addEventListener("focusin", show);
    element.addEventListener("mouseleave", () => tie(-1));
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-open]");
      if (button) trigger("click", { open: button.dataset.open });
    });
    element.addEventListener("keydown", (event) => {
      const card = event.target.closest(".pv-passage");
      if (card && event.key === "Enter" && event.target === card) card.querySelector("[data-open]")?.click();
      if (card && event.altKey && event.key === "ArrowLeft") {
        select(spans("sentences").find((s) => numbers(card).includes(s.sentence)));
        event.preventDefault();
      }
      walk(event, ".pv-passage");
    });
  };

  function walk(event, selector) {
    const row = event.target.closest(selector);
    if (!row || event.target !== row || event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    next?.focus();
    event.preventDefault();
  }

  window.pvSource = (element, watch) => {
    const show = () => {
      const dialog = element.querySelector("dialog");
      if (!dialog || dialog.open) return;
      dialog.showModal();
      const place = dialog.querySelector("mark") || dialog.querySelector(".pv-here");
      place?.scrollIntoView({ block: "center" });
      dialog.querySelector(".pv-here")?.focus({ preventScroll: true });
    };
    watch("value", () => setTimeout(show, 30));
  };

  window.pvWording = (element, trigger) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-wish]");
      if (button) trigger("click", { wish: button.dataset.wish });
    });
  };

  /* Canned replies go in at the cursor, one below the other; a variable left open is selected. */
  window.pvInserts = (element) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert], [data-replace]"), area = answer();
      if (!button || !area) return;
      area.focus();
      if (button.dataset.replace !== undefined) area.select();
      const text = button.dataset.replace ?? spaced(area, button.dataset.insert);
      document.execCommand("insertText", false, text); // keeps the browser's own undo
      const open = text.match(/\{[^}]+\}/), start = area.selectionStart - text.length;
      if (open) area.setSelectionRange(start + open.index, start + open.index + open[0].length);
    });
  };

  function spaced(area, text) {
    const before = area.value.slice(0, area.selectionStart), after = area.value.slice(area.selectionEnd);
    return (/\S$/.test(before) ? " " : "") + text + (/^\S/.test(after) ? " " : "");
  }

  window.pvVerdict = (element, trigger) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-good]");
      if (button?.dataset.good) trigger("click", { good: true, reason: "" });
      else if (button) (element.querySelector("form").hidden = false), element.querySelector("input").focus();
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      trigger("click", { good: false, reason: element.querySelector("input").value });
    });
  };

  window.pvCopies = (element) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-copy]");
      if (button) window.pvClipboard(button.dataset.copy).then(() => button.classList.add("pv-done"));
    });
  };

  window.pvCopy = async (text, said) => {
    await window.pvClipboard(text.trim());
    const button = find("#pv-copy"), before = button.dataset.label || (button.dataset.label = button.textContent);
    button.textContent = said;
    setTimeout(() => (button.textContent = before), 1500);
  };
  window.pvFocus = (selector) => setTimeout(() => find(selector)?.focus(), 80);
  window.pvNext = () => {
    window.pvForget();
    window.pvFocus("#pv-comment textarea");
  };

  /* -- keys ------------------------------------------------------------------------------------ */
  const shown = (id) => { const node = find(id); return node && node.offsetParent ? node : null; };
  const press = (id) => shown(id)?.click();
  const COMMANDS = { enter: "#pv-go", s: "#pv-save" };
  const SHIFTED = { c: "#pv-copy", s: "#pv-submit", f: "#pv-fix-all", z: "#pv-undo" };

  document.addEventListener("keydown", (event) => {
    if (!here() || document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
    const id = command && (event.shiftKey ? SHIFTED[key] : COMMANDS[key]);
    const writing = event.target === answer();
    if (id && (key !== "z" || shown(id))) press(id);
    else if (key === "f8") step(spans("marks"), !event.shiftKey);
    else if (writing && event.altKey && (key === "arrowdown" || key === "arrowup"))
      step(spans("sentences"), key === "arrowdown");
    else if (writing && event.altKey && key === "arrowright") cardsOf(sentenceAt(event.target.selectionStart))[0]?.focus();
    else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#pv-go")) clearTimeout(waiting), (unsent = false); // the text is about to go
  }, true);

  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain");
    // After a click in the margin the event names the field nearby, though nothing there has the focus.
    const place = document.activeElement;
    if (!here() || !text || place?.closest("textarea, input, [contenteditable], dialog")) return;
    window.pvWrite(find("#pv-comment textarea"), text);
    event.preventDefault();
  });
})();
