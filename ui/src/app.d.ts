// Names that the generated bindings use without importing them.

declare global {
  /** Any JSON value, as it came from a peer: never trusted, only shown or passed on. */
  type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

  /** The answer to one item of a Request, or to the items of a group. */
  type DecisionNode = DecisionItem | { items: DecisionItem[] };

  /** The answer to one item. */
  type DecisionItem =
    | {
        accept: false;
        /** Why, for programs and for people. */
        code?: string;
        message?: string;
      }
    | {
        accept: true;
        /** To a question for a value: one of the person's own, or a new one. */
        existingAttributeId?: string;
        newAttribute?: JsonValue;
        /** The same to a proposal. */
        attributeId?: string;
        attribute?: JsonValue;
        /** Marks that the chosen value gets. */
        tags?: string[];
        /** To a plea for deletion. */
        deletionDate?: string;
        /** To a field of a form. */
        response?: string | number | boolean | string[];
        freeText?: string;
      };

  /** A Decision about a whole Request, in the order of its items. */
  type Decision = { items: DecisionNode[] };
}

export {};
