// The secret part of the link stands behind the "#" and never reaches the server, so the link for
// the wallet is put together here.
const link = document.getElementById("open");
const status = document.getElementById("copied");

link.href = window.location.href.replace(/^https?:/, "enmeshed:");
document.getElementById("with-script").hidden = false;

document.getElementById("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(window.location.href);
  status.textContent = status.dataset.text;
});
