/* Who is signed in, the way out, and a session that ended while the page was open. */
(() => {
  const home = "../";
  const asked = window.fetch.bind(window);
  const session = () => asked(`${home}session`, { cache: "no-store" });
  const find = (selector) => document.querySelector(selector);
  let ended = false;

  window.fetch = async (...what) => {
    const answer = await asked(...what);
    if (answer.status !== 401 || !answer.headers.has("X-Sign-In")) return answer;
    end();
    // Whoever asked goes on waiting: she writes on, and is not told the same at every key.
    return new Promise(() => {});
  };

  /* What is typed is kept: she signs in again when it suits her, here or in another tab. */
  function end() {
    const bar = find(".pv-ended"), head = find(".pv-header");
    if (ended || !bar || !head) return;
    ended = true;
    const address = `${home}signin?ended=1&next=${encodeURIComponent(location.pathname)}`;
    const link = Object.assign(document.createElement("a"), { href: address, textContent: head.dataset.again });
    bar.append(Object.assign(document.createElement("p"), { textContent: head.dataset.ended }), link);
    const again = setInterval(async () => {
      if (document.hidden || !(await session().catch(() => ({}))).ok) return;
      clearInterval(again);
      location.reload();
    }, 4000);
  }

  document.addEventListener("pv-restored", async () => {
    const head = find(".pv-header"), person = await window.pvPerson;
    if (!head || head.querySelector(".pv-person") || !person.name) return;
    const form = Object.assign(document.createElement("form"), { method: "post", action: `${home}signout` });
    form.className = "pv-person";
    const name = Object.assign(document.createElement("span"), { textContent: person.name });
    const out = Object.assign(document.createElement("button"), { textContent: head.dataset.out });
    form.append(name, out);
    head.append(form);
  });
})();
