/* Rédiger: files that the server hands over are saved by the browser. */
(() => {
  window.pvWriteSave = (props, watch) => {
    let last = "";
    watch("value", () => {
      if (!props.value || props.value === last) return;
      last = props.value;
      for (const file of JSON.parse(props.value)) save(file);
      props.value = last = "";
    });
  };

  function save({ name, type, data }) {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type }));
    const link = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
})();
