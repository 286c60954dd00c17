import { Kbd, Loader } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useErrorWords } from "@/components/error-words";
import { VariableText } from "@/components/variable-text";
import { ScopeMark } from "./scope-mark";
import classes from "./replies.module.css";
import type { useSlash } from "./use-slash";

/** Above the text box: what the slash word finds. The focus stays in the text. */
export function ReplyList({ slash }: { slash: ReturnType<typeof useSlash> }) {
  const { t } = useTranslation();
  const words = useErrorWords();
  const chosen = useRef<HTMLLIElement>(null);
  const { id, optionId, all, replies, point, pick } = slash;
  useEffect(() => void chosen.current?.scrollIntoView({ block: "nearest" }), [slash.chosen]);
  return (
    <div className={classes.list} onMouseDown={(event) => event.preventDefault()}>
      <ul id={id} role="listbox" aria-label={t("tickets.replies.title")} className={classes.options}>
        {replies.map((reply, index) => (
          <li key={reply.id} id={optionId(reply)} ref={reply === slash.chosen ? chosen : undefined} role="option" aria-selected={reply === slash.chosen} className={classes.option} onMouseMove={() => point(index)} onClick={() => pick(reply)}>
            <span className={classes.line}>
              <span className={classes.shortcut}>/{reply.shortcut}</span>
              <span className={`${classes.title} ellipsis`}>{reply.title}</span>
              <ScopeMark reply={reply} />
            </span>
            <span className={`${classes.text} ellipsis`}>
              {reply.media && <IconPaperclip size={13} stroke={1.8} />}
              {reply.body ? <VariableText text={reply.body} /> : reply.media?.filename}
            </span>
          </li>
        ))}
      </ul>
      {all.isPending && <p className={classes.nothing}><Loader size={14} color="gray" /> {t("common.loading")}</p>}
      {all.isError && !all.data && <p className={classes.nothing} role="alert">{words(all.error)}</p>}
      {all.data && replies.length === 0 && (
        <p className={classes.nothing}>{t(all.data.length ? "tickets.replies.noMatch" : "tickets.replies.none")} <Link to="/settings/quick-replies">{t("tickets.replies.write")}</Link></p>
      )}
      {replies.length > 0 && <p className={classes.keys}><Kbd>↑</Kbd><Kbd>↓</Kbd> {t("tickets.replies.choose")} <Kbd>Enter</Kbd> {t("tickets.replies.insert")} <Kbd>Esc</Kbd> {t("tickets.replies.leave")}</p>}
    </div>
  );
}
