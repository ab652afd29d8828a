/* What all screens share: title, sheet of keys, language, lost connection, and the keeping of what is typed. */
(() => {
  const find = (selector) => document.querySelector(selector);

  /* Who is signed in; {} without accounts. */
  window.pvPerson = fetch("../session", { cache: "no-store" })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .catch(() => ({}));

  /* Gradio writes the browser's language over the page's own. */
  const language = document.documentElement.lang, root = document.documentElement;
  new MutationObserver(() => root.lang === language || (root.lang = language)).observe(root, {
    attributeFilter: ["lang"],
  });

  window.pvShell = (element) => {
    document.title = element.querySelector("[data-title]")?.dataset.title || document.title;
    restore();
  };

  /* Write into a field as a person would, so that Gradio sees it. */
  window.pvWrite = (field, text, focus = true) => {
    if (!field) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (focus) field.focus();
  };

  /* Keys of a page with Ctrl: the first button in sight of those named is pressed. */
  window.pvKeys = (keys) =>
    document.addEventListener("keydown", (event) => {
      const wanted = (event.ctrlKey || event.metaKey) && !event.shiftKey && keys[event.key.toLowerCase()];
      const button = wanted && !find("dialog[open]") && [...document.querySelectorAll(wanted)].find((b) => b.offsetParent);
      if (!button) return;
      button.click();
      event.preventDefault();
    });

  /* Scroll to a place once what was asked for stands there, unless it is in sight. */
  window.pvShow = (selector) => {
    const place = selector && find(selector);
    if (!place) return;
    const seen = new MutationObserver(() => {
      seen.disconnect();
      requestAnimationFrame(() => {
        const top = place.getBoundingClientRect().top;
        if (top < 0 || top > innerHeight * 0.7) place.scrollIntoView({ block: "start" });
      });
    });
    seen.observe(place, { childList: true, subtree: true, characterData: true });
    setTimeout(() => seen.disconnect(), 10_000);
  };

  /* The clipboard is another thing that pages without encryption are not given. */
  window.pvClipboard = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = Object.assign(document.createElement("textarea"), { value: text });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus?.();
    if (!done) throw new Error("copy");
  };

  /* Gradio names the way to close a message in English, and says in English that the connection broke: it
     then waits for the server and loads the page anew, and what was typed is put back. */
  let leaving = false, groups = 0;
  addEventListener("beforeunload", () => {
    leaving = true;
    const { selectionStart: start, selectionEnd: end } = document.activeElement;
    const id = nameOf(document.activeElement), place = { id, start, end, where: location.pathname };
    sessionStorage.setItem("pv-place", JSON.stringify(id && start !== undefined ? place : {}));
  });
  const BROKEN = "Connection to the server was lost";
  new MutationObserver(() => {
    for (const button of document.querySelectorAll(".toast-close:not([data-named])"))
      Object.assign(button, { ariaLabel: find(".pv-header")?.dataset.close || "×" }).dataset.named = "1";
    for (const toast of document.querySelectorAll(".toast-body:not([hidden])"))
      if (toast.textContent.includes(BROKEN)) (toast.hidden = true), leaving || lose(true);
    // Each of Gradio's radio buttons bears a name of its own: the arrow keys would not lead from one to the next.
    for (const button of document.querySelectorAll("fieldset input[type=radio][name^=radio-]"))
      button.name = button.closest("fieldset").dataset.group ||= `pv-group-${groups++}`;
    for (const hint of document.querySelectorAll("[data-names]:not([data-named])")) {
      const named = find(hint.dataset.names);
      if (named) Object.assign(named, { ariaLabel: hint.dataset.name }), (hint.dataset.named = "1");
    }
  }).observe(root, { childList: true, subtree: true });

  function sheet() {
    const dialog = find(".pv-sheet");
    if (dialog) dialog.open ? dialog.close() : dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("textarea, input:not([type=radio]):not([type=checkbox])");
    if (event.key !== "?" || typing || event.ctrlKey || event.metaKey) return;
    sheet();
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) sheet();
    else if (event.target.matches("dialog")) event.target.close();
    const link = event.target.closest("[data-language]");
    if (link) document.cookie = `pv-language=${link.dataset.language};path=/;max-age=31536000;samesite=lax`;
  });

  /* -- what is typed is kept ------------------------------------------------------------------
     Fields inside .pv-keep are kept in this browser, one drawer a tab. A reload finds its own drawer; a new
     tab adopts the newest drawer that no living tab holds, so that a crash loses nothing either. With
     accounts a drawer is its person's: who signs in after her on the same machine does not find her words. */
  const page = () => location.pathname.split("/").filter(Boolean).slice(1).join("/") || "home";
  const drawers = () => Object.keys(localStorage).filter((k) => /^pv-drawer[-@]/.test(k));
  const read = (key) => JSON.parse(localStorage.getItem(key) || "{}");
  const nameOf = (field) => field.closest('.pv-keep[id^="pv-"]')?.id;
  let drawer = "";

  const locked = (name, options) =>
    new Promise((held) =>
      navigator.locks.request(name, options, (lock) => {
        held(Boolean(lock));
        return lock ? new Promise(() => {}) : undefined;
      }).catch(() => held(false)),
    );

  /* Browsers keep locks from pages without encryption: there a living tab signs its drawer again and again. */
  const SIGNED = 5000;
  const signed = (name, options) => {
    if (options.ifAvailable && Date.now() - (read(name).signed || 0) < 3 * SIGNED) return false;
    const sign = () => localStorage.setItem(name, JSON.stringify({ ...read(name), signed: Date.now() }));
    sign();
    setInterval(sign, SIGNED);
    return true;
  };

  const open = (async () => {
    const hold = async (name, options = { ifAvailable: true }) =>
      navigator.locks ? locked(name, options) : signed(name, options);
    const { name: person } = await window.pvPerson;
    const whose = person ? `pv-drawer@${encodeURIComponent(person)}@` : "pv-drawer-";
    // The page before a reload lets go of its drawer, on a busy machine after a while; a copied tab never does.
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    const known = sessionStorage.getItem("pv-drawer");
    const patient = { signal: AbortSignal.timeout(reloaded ? 30_000 : 3000) };
    const free = known?.startsWith(whose) && (await hold(known, patient)) ? known : await adopt(hold, whose);
    drawer = free || `${whose}${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    if (!free) await hold(drawer);
    sessionStorage.setItem("pv-drawer", drawer);
  })();

  async function adopt(hold, whose) {
    const week = Date.now() - 7 * 86_400_000;
    const byAge = drawers().sort((a, b) => (read(b).at || 0) - (read(a).at || 0));
    for (const name of byAge) if ((read(name).at || 0) < week) localStorage.removeItem(name);
    for (const name of byAge) if (name.startsWith(whose) && localStorage.getItem(name) && (await hold(name))) return name;
    return "";
  }

  window.pvKeep = (id, text) => {
    if (!drawer) return;
    const kept = read(drawer);
    (kept[page()] ||= {})[id] = text;
    kept.at = Date.now();
    localStorage.setItem(drawer, JSON.stringify(kept));
  };
  window.pvKept = (id) => (drawer && read(drawer)[page()]?.[id]) || "";
  window.pvForget = () => {
    if (!drawer) return;
    const kept = read(drawer);
    delete kept[page()];
    localStorage.setItem(drawer, JSON.stringify(kept));
  };

  /* A chosen tab comes wholly into sight where the tabs scroll. */
  document.addEventListener("change", (event) => {
    event.target.closest?.(".pv-tabs label")?.scrollIntoView({ inline: "center", block: "nearest" });
  });

  document.addEventListener("change", (event) => {
    const id = event.target.matches?.("select") && nameOf(event.target);
    if (id) window.pvKeep(id, event.target.value);
  }, true);

  document.addEventListener("input", (event) => {
    const field = event.target, id = field.matches?.("textarea, input[type=text]") && nameOf(field);
    if (id) window.pvKeep(id, field.value);
  }, true);

  const WHERE = { childList: true, subtree: true, attributeFilter: ["data-ready"] };

  function putBack(id, text) {
    const kept = `#${id}.pv-keep:not(.pv-own)`; // a page restores its .pv-own fields itself
    const field = find(`${kept} textarea, ${kept} input[type=text]`), list = find(`${kept} select[data-ready]`);
    if (field && !field.value) window.pvWrite(field, text, false);
    if (list && list.value !== text) (list.value = text), list.dispatchEvent(new Event("change"));
    return field || list;
  }

  async function restore() {
    await open;
    // Fields may come after the head of the page: each gets its text as soon as it is there.
    let kept = Object.entries(read(drawer)[page()] || {});
    const put = () => (kept = kept.filter(([id, text]) => text && !putBack(id, text)));
    const later = new MutationObserver(() => put().length || later.disconnect());
    if (put().length) later.observe(document.body, WHERE);
    setTimeout(() => later.disconnect(), 20_000);
    document.dispatchEvent(new Event("pv-restored"));
    document.documentElement.classList.add("pv-ready");
    goBack(JSON.parse(sessionStorage.getItem("pv-place") || "{}"));
  }

  /* A page that loads itself anew, for the server came back, leaves the cursor where it was. */
  let touched = false;
  for (const event of ["keydown", "pointerdown"]) addEventListener(event, () => (touched = true), { capture: true, once: true });
  function goBack({ id, start, end, where }, tries = 50) {
    sessionStorage.removeItem("pv-place");
    const text = where === location.pathname && window.pvKept(id), field = find(`#${id} :is(textarea, input)`);
    if (!text || touched) return;
    if (field?.value === text) field.focus(), field.setSelectionRange(start, end);
    else if (tries) setTimeout(() => goBack({ id, start, end, where }, tries - 1), 100);
  }

  /* -- a lost connection is told, and its return ---------------------------------------------- */
  let lost = false;
  function lose(now) {
    const line = find(".pv-connection"), head = find(".pv-header");
    if (!line || !head || now === lost) return;
    lost = now;
    root.classList.toggle("pv-lost", lost);
    line.textContent = lost ? head.dataset.lost : head.dataset.back;
    if (!lost) setTimeout(() => lost || (line.textContent = ""), 4000);
  }
  setInterval(async () => {
    if (document.hidden) return;
    const asked = fetch("../favicon.ico", { cache: "no-store", signal: AbortSignal.timeout(8000) });
    lose(!(await asked.then((answer) => answer.ok, () => false)));
  }, 4000);
})();
