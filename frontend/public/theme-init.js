// Before the first paint: no flash of the wrong scheme. An external file, because the policy forbids inline scripts.
(function () {
  var saved = localStorage.getItem("mantine-color-scheme-value") || "auto";
  var isDark = saved === "dark" || (saved === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
