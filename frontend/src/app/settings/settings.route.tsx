import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Navigate, NavLink, Outlet, useMatch } from "react-router";
import { useMay } from "@/api/session";
import { settingsGroups, settingsPages } from "./pages";
import classes from "./settings.module.css";

/** The settings: their list beside the page that is open; on phones one at a time. */
export function Component() {
  const { t } = useTranslation();
  const may = useMay();
  const isList = useMatch("/settings") !== null;
  const isPhone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const pages = settingsPages.filter((page) => may(page.may));
  if (isList && !isPhone && pages[0]) return <Navigate to={pages[0].path} replace />;
  return (
    <div className={classes.settings} data-list={isList || undefined}>
      <nav className={classes.list} aria-label={t("common.settings.title")}>
        <h2 className={classes.title}>{t("common.settings.title")}</h2>
        {settingsGroups.map((group) => {
          const ofGroup = pages.filter((page) => page.group === group);
          return ofGroup.length > 0 && (
            <section key={group} className={classes.group}>
              <h3 className={classes.heading}>{t(`common.settings.group.${group}`)}</h3>
              {ofGroup.map((page) => (
                <NavLink key={page.path} to={`/settings/${page.path}`} className={classes.link}>
                  <page.icon size={18} stroke={1.6} />
                  {t(`common.settings.page.${page.key}`)}
                </NavLink>
              ))}
            </section>
          );
        })}
      </nav>
      <div className={classes.page}><Outlet /></div>
    </div>
  );
}
