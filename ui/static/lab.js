/* Atelier: what is being edited survives a reload, and the history's buttons. */
(() => {
  window.pvLabBegin = (trigger) => {
    const begin = () =>
      trigger("submit", {
        name: window.pvKept("pv-lab-name"),
        head: window.pvKept("pv-lab-head"),
        text: window.pvKept("pv-lab-text"),
      });
    if (document.documentElement.classList.contains("pv-ready")) begin();
    else document.addEventListener("pv-restored", begin, { once: true });
  };

  /* A prompt holds its text in several languages: the page shows the part in its own. */
  window.pvLabShow = () =>
    setTimeout(() => {
      const area = document.querySelector("#pv-lab-text textarea"), code = document.documentElement.lang;
      if (!area || document.activeElement === area) return;
      const part = area.value.match(new RegExp(`^# System \\(${code}\\)`, "m")) || area.value.match(/^# System\s*$/m);
      area.scrollTop = part ? heightOf(area, area.value.slice(0, part.index)) : 0;
    }, 60);

  function heightOf(area, text) {
    const twin = area.cloneNode();
    Object.assign(twin.style, { position: "absolute", visibility: "hidden", height: "0", minHeight: "0" });
    twin.style.width = `${area.offsetWidth}px`;
    twin.removeAttribute("id");
    area.parentElement.append(twin);
    twin.value = text;
    const style = getComputedStyle(area), line = parseFloat(style.lineHeight) || 20;
    const height = text ? twin.scrollHeight - parseFloat(style.paddingBottom) - line : 0;
    twin.remove();
    return height;
  }

  window.pvLabChosen = (name) => {
    window.pvForget();
    window.pvKeep("pv-lab-name", name);
  };

  window.pvLabHistory = (element, trigger) =>
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-version]");
      if (button) trigger("click", { version: button.dataset.version });
    });

  window.pvKeys({ enter: "#pv-lab-go" });
})();
