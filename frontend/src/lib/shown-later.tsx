import { type ComponentType, createElement, lazy, type ReactNode, Suspense } from "react";

/** A part that is fetched when it is first shown, so that nobody waits for what few need. Until it is there, `meanwhile` stands in its place. */
export function shownLater<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null) {
  const Part = lazy(async () => ({ default: await load() }));
  return function ShownLater(props: Props) {
    return <Suspense fallback={meanwhile}>{createElement(Part as ComponentType<Props>, props)}</Suspense>;
  };
}
