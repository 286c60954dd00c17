import { Alert, Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useBlocker, useNavigate } from "react-router";
import type { Schemas } from "@/api/client";
import { Confirm } from "@/components/confirm";
import { useErrorWords } from "@/components/error-words";
import { FormError } from "@/components/form-error";
import { Card } from "@/components/page";
import { useSaveTemplate } from "../api/save-template";
import { ButtonsField } from "./buttons-field";
import { CodeFields } from "./code-fields";
import { type Draft, emptyDraft, requestOf } from "./draft";
import { draftFrom, isEditable } from "./from-template";
import { HeadFields } from "./head-fields";
import { HeaderField } from "./header-field";
import { TemplatePreview } from "./template-preview";
import classes from "./templates.module.css";
import { TextField } from "./text-field";
import { useFaults } from "./use-faults";

type Props = { connection: Schemas["Connection"]; template: Schemas["Template"] | null; mayWrite: boolean };

/** A template from its name to its buttons, beside the phone that it would arrive on. */
export function Editor({ connection, template, mayWrite }: Props) {
  const { t, i18n } = useTranslation();
  const words = useErrorWords();
  const navigate = useNavigate();
  const list = `/connections/${connection.id}/templates`;
  const [start] = useState<Draft>(() => (template ? draftFrom(template) : emptyDraft(i18n.language === "pt-BR" ? "pt_BR" : "en")));
  const [draft, setDraft] = useState(start);
  const [file, setFile] = useState<File | null>(null);
  const [isAsked, setAsked] = useState(false);
  const isHandedIn = useRef(false);
  const save = useSaveTemplate(connection.id, template?.id);
  const request = useMemo(() => requestOf(draft), [draft]);
  const isLocked = !mayWrite || (template !== null && !isEditable(template.status));
  const { about, isGood, homeless } = useFaults(connection.id, request, save.error, isAsked, !isLocked);
  const change = (part: Partial<Draft>) => {
    setDraft((old) => ({ ...old, ...part }));
    if (save.error) save.reset();
  };
  const blocker = useBlocker(({ currentLocation, nextLocation }) => draft !== start && !isHandedIn.current && !isLocked && currentLocation.pathname !== nextLocation.pathname);
  const handIn = () => {
    setAsked(true);
    save.mutate(request, {
      onSuccess: () => {
        isHandedIn.current = true; // known at once: the next render would come too late for the question whether to leave
        notifications.show({ message: t("templates.handedIn") });
        void navigate(list);
      },
    });
  };
  const isCode = draft.category === "AUTHENTICATION";
  const failure = homeless ?? (save.error && !about("name", "language", "category", "header", "body", "footer", "buttons") ? words(save.error) : "");
  return (
    <div className={classes.layout}>
      <fieldset className={classes.column} disabled={isLocked}>
        {template?.reason && <Alert color={template.status === "REJECTED" ? "red" : "yellow"} icon={<IconAlertTriangle size={18} />} title={t(template.status === "REJECTED" ? "templates.rejected" : "templates.metaSays")}>{template.reason}</Alert>}
        {template && isLocked && mayWrite && <Alert color="gray">{t("templates.locked")}</Alert>}
        <HeadFields draft={draft} isFixed={template !== null} isCategoryFixed={template?.status === "APPROVED"} about={about} onChange={change} />
        <Card className={classes.section}>
          {isCode ? <CodeFields code={draft.code} about={about} onChange={(code) => change({ code })} /> : (
            <>
              <HeaderField connectionId={connection.id} header={draft.header} about={about} onChange={(header) => change({ header })} onFile={setFile} />
              <TextField isLong label={t("templates.body")} description={t("templates.bodyText")} value={draft.body.text} examples={draft.body.examples} most={1024} mostVariables={100} error={about("body.text")} exampleError={about("body.example")} onChange={(text, examples) => change({ body: { text, examples } })} />
              <TextInput label={t("templates.footer")} description={t("templates.footerText")} maxLength={60} value={draft.footer} error={about("footer")} onChange={(event) => change({ footer: event.currentTarget.value })} />
            </>
          )}
        </Card>
        {!isCode && <Card className={classes.section}><ButtonsField buttons={draft.buttons} about={about} onChange={(buttons) => change({ buttons })} /></Card>}
        {failure && <FormError>{failure}</FormError>}
        {!isLocked && (
          <div className={classes.foot}>
            <span role="status">{isGood ? t("templates.good") : ""}</span>
            <Button variant="default" component={Link} to={list}>{t("common.cancel")}</Button>
            <Button loading={save.isPending} onClick={handIn}>{t(template ? "templates.handInAgain" : "templates.handIn")}</Button>
          </div>
        )}
      </fieldset>
      <div className={classes.side}>
        <TemplatePreview draft={draft} from={connection.name} file={file} />
        <p className={classes.quiet}>{t("templates.previewText")}</p>
      </div>
      <Confirm danger opened={blocker.state === "blocked"} title={t("templates.leaveTitle")} action={t("templates.leave")} onClose={() => blocker.reset?.()} onConfirm={() => blocker.proceed?.()}>{t("templates.leaveText")}</Confirm>
    </div>
  );
}
