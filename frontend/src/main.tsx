import "@fontsource-variable/inter/wght.css";
import "./app/mantine.css";
import "./app/global.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/app";
import { startI18n } from "./lib/i18n";
import { reloadWhenOutdated } from "./lib/reload-when-outdated";

reloadWhenOutdated();
await startI18n();
createRoot(document.getElementById("root")!).render(<App />);
