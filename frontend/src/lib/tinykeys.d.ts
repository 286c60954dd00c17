// tinykeys 3 ships its types, but its "exports" do not name them.
declare module "tinykeys" {
  export function tinykeys(target: Window | HTMLElement, bindings: Record<string, (event: KeyboardEvent) => void>): () => void;
}
