// What a person can ask of a contact: the kinds of items, and the inputs that each is made of. The
// composer draws them from here, and builds the item from what was entered.

export const KINDS = [
  'readIdentity',
  'readRelationship',
  'readCondition',
  'readThirdParty',
  'share',
  'shareRelationship',
  'propose',
  'proposeRelationship',
  'create',
  'createIdentity',
  'file',
  'delete',
  'field',
  'consent',
  'authentication',
] as const;

export type AskKind = (typeof KINDS)[number];

/** The kinds as they are offered, under headings. */
export const OFFERED: { group: 'get' | 'give' | 'back' | 'talk'; kinds: AskKind[] }[] = [
  { group: 'get', kinds: ['readIdentity', 'readCondition', 'readRelationship', 'readThirdParty'] },
  {
    group: 'give',
    kinds: [
      'share',
      'shareRelationship',
      'propose',
      'proposeRelationship',
      'create',
      'createIdentity',
      'file',
    ],
  },
  { group: 'back', kinds: ['delete'] },
  { group: 'talk', kinds: ['field', 'consent', 'authentication'] },
];

export const FIELD_TYPES = ['text', 'integer', 'double', 'boolean', 'date', 'selection', 'rating'] as const;

/**
 * An input of an item. Choices are named by `ask.<name>.<option>`, inputs by `ask.<name>`. What few
 * people need (`more`) is folded away.
 */
export type Field = { more?: true } & FieldKind;

type FieldKind =
  | { kind: 'valueType'; name: 'valueType'; of: 'identity' | 'relationship'; optional?: true }
  | { kind: 'text'; name: string; max: number; optional?: true; long?: true; hint?: true; mono?: true }
  | { kind: 'number'; name: string; whole: boolean; min?: number; max?: number; optional?: true }
  | { kind: 'check'; name: string }
  | { kind: 'radio'; name: string; options: readonly string[] }
  | { kind: 'value' }
  | { kind: 'tags'; name: 'tags' }
  | { kind: 'own'; name: 'attributeId' }
  | { kind: 'entry'; name: 'attributeId' }
  | { kind: 'given'; name: 'attributeId' }
  | { kind: 'contacts'; name: 'thirdParty' }
  | { kind: 'file'; name: 'file' };

/** An item as it stands on screen. Everything is text, as it was typed. */
export type AskItem = {
  /** Tells items of one composer apart. */
  key: number;
  kind: AskKind;
  mustBeAccepted: boolean;
  /** What is entered, by the names of the inputs. */
  fields: Record<string, string>;
  /** The parts of a value. */
  value: Record<string, string>;
  /** The group that it stands in. */
  group: number | null;
};

const CONFIDENTIALITY: Field = {
  kind: 'radio',
  name: 'confidentiality',
  options: ['private', 'protected', 'public'],
};

/** What an entry of a Relationship is called and described by. */
const NAMED: Field[] = [
  { kind: 'valueType', name: 'valueType', of: 'relationship' },
  { kind: 'text', name: 'title', max: 100 },
  { kind: 'text', name: 'key', max: 100, hint: true, mono: true },
  { kind: 'text', name: 'explanation', max: 1000, optional: true, more: true },
];

const FIELDS: Record<Exclude<AskKind, 'field'>, Field[]> = {
  readIdentity: [
    { kind: 'valueType', name: 'valueType', of: 'identity' },
    { kind: 'tags', name: 'tags', more: true },
  ],
  readRelationship: [
    ...NAMED,
    { kind: 'radio', name: 'owner', options: ['theirs', 'mine'] },
    CONFIDENTIALITY,
  ],
  readCondition: [
    { kind: 'text', name: 'condition', max: 4096, long: true, hint: true, mono: true },
    { kind: 'valueType', name: 'valueType', of: 'identity', optional: true },
  ],
  readThirdParty: [
    { kind: 'text', name: 'key', max: 100, hint: true, mono: true },
    { kind: 'contacts', name: 'thirdParty' },
    { kind: 'radio', name: 'whose', options: ['any', 'recipient', 'thirdParty'], more: true },
  ],
  share: [{ kind: 'own', name: 'attributeId' }],
  shareRelationship: [{ kind: 'entry', name: 'attributeId' }],
  propose: [
    { kind: 'valueType', name: 'valueType', of: 'identity' },
    { kind: 'value' },
    {
      kind: 'text',
      name: 'condition',
      max: 4096,
      long: true,
      hint: true,
      mono: true,
      optional: true,
      more: true,
    },
  ],
  proposeRelationship: [...NAMED, { kind: 'value' }, CONFIDENTIALITY],
  create: [
    ...NAMED,
    { kind: 'value' },
    { kind: 'radio', name: 'owner', options: ['mine', 'theirs'] },
    CONFIDENTIALITY,
    { kind: 'check', name: 'isTechnical', more: true },
  ],
  createIdentity: [{ kind: 'valueType', name: 'valueType', of: 'identity' }, { kind: 'value' }],
  file: [{ kind: 'file', name: 'file' }],
  delete: [{ kind: 'given', name: 'attributeId' }],
  consent: [
    { kind: 'text', name: 'consent', max: 10_000, long: true },
    { kind: 'text', name: 'link', max: 1024, optional: true },
    { kind: 'text', name: 'linkDisplayText', max: 30, optional: true },
    { kind: 'check', name: 'requiresInteraction' },
  ],
  authentication: [{ kind: 'text', name: 'title', max: 200 }],
};

const BOUNDS: Record<string, Field[]> = {
  text: [
    { kind: 'check', name: 'allowNewlines' },
    { kind: 'number', name: 'minLength', whole: true, min: 0, max: 4096, optional: true },
    { kind: 'number', name: 'maxLength', whole: true, min: 1, max: 4096, optional: true },
  ],
  integer: [
    { kind: 'text', name: 'unit', max: 100, optional: true },
    { kind: 'number', name: 'min', whole: true, optional: true },
    { kind: 'number', name: 'max', whole: true, optional: true },
  ],
  double: [
    { kind: 'text', name: 'unit', max: 100, optional: true },
    { kind: 'number', name: 'min', whole: false, optional: true },
    { kind: 'number', name: 'max', whole: false, optional: true },
  ],
  selection: [
    { kind: 'text', name: 'options', max: 100_000, long: true, hint: true },
    { kind: 'check', name: 'allowMultipleSelection' },
  ],
  rating: [{ kind: 'number', name: 'maxRating', whole: true, min: 5, max: 10 }],
};

/** The inputs of an item, as it stands. */
export function fieldsOf(item: AskItem): Field[] {
  if (item.kind !== 'field') return FIELDS[item.kind];
  return [
    { kind: 'text', name: 'question', max: 200 },
    { kind: 'radio', name: 'settings', options: FIELD_TYPES },
    ...(BOUNDS[item.fields['settings'] ?? ''] ?? []),
  ];
}

/** A new item, with what is chosen at first. */
export function newItem(
  kind: AskKind,
  key: number,
  fields: Record<string, string> = {},
  group: number | null = null,
): AskItem {
  const item: AskItem = { key, kind, mustBeAccepted: false, fields: {}, value: {}, group };
  const first = (of: Field[]): Record<string, string> =>
    Object.fromEntries(
      of.flatMap((field) => (field.kind === 'radio' ? [[field.name, field.options[0] ?? '']] : [])),
    );
  item.fields = { ...first(fieldsOf(item)), ...(kind === 'field' ? { maxRating: '5' } : {}), ...fields };
  return item;
}
