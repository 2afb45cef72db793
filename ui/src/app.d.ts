// Names that the generated bindings use without importing them.

declare global {
  /** Any JSON value, as it came from a peer: never trusted, only shown or passed on. */
  type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

  /** The answer to one item of a Request, or to the items of a group. */
  type DecisionNode = DecisionItem | { items: DecisionItem[] };

  /** The answer to one item. */
  type DecisionItem =
    | { accept: false }
    | { accept: true; existingAttributeId?: string; tags?: string[]; newAttribute?: JsonValue };

  /** A Decision about a whole Request, in the order of its items. */
  type Decision = { items: DecisionNode[] };
}

export {};
