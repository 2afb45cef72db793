// The value types as the core describes them, read from the core's own table, so that a type that is
// added there is tested here.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AllowedValue } from '../src/lib/bindings/AllowedValue';
import type { DataType } from '../src/lib/bindings/DataType';
import type { InputKind } from '../src/lib/bindings/InputKind';
import type { PartDescription } from '../src/lib/bindings/PartDescription';
import type { TechnicalType } from '../src/lib/bindings/TechnicalType';
import type { ValueTypeDescription } from '../src/lib/bindings/ValueTypeDescription';

type Values = { keys: string | string[]; displayName: string };
type Hints = {
  min?: number;
  max?: number;
  pattern?: string;
  values?: Values;
  propertyHints?: Record<string, Hints>;
};
type Render = {
  technicalType: TechnicalType;
  editType: string;
  dataType?: DataType;
  propertyHints?: Record<string, Render>;
};
type Property = { required: boolean; type: string; minLength?: number; maxLength?: number; pattern?: string };
type Row = { properties: Record<string, Property>; renderHints: Render; valueHints: Hints };
type Table = {
  countries: string[];
  languages: string[];
  characterSet: { ranges: string[][]; sequences: string[] };
  editable: { uneditable: string[] };
  identityAttributeValues: Record<string, Row>;
  relationshipAttributeValues: Record<string, Row>;
  components: Record<string, unknown>;
};

export const table = JSON.parse(
  readFileSync(
    join(import.meta.dirname, '../../crates/content/src/attributes/attribute-values.json'),
    'utf8',
  ),
) as Table;

const BY_DATA_TYPE: Partial<Record<DataType, InputKind>> = {
  EMailAddress: 'eMail',
  PhoneNumber: 'phone',
  URL: 'url',
  HEXColor: 'color',
  FileReference: 'file',
};

function inputKind(render: Render, values: AllowedValue[]): InputKind {
  const { technicalType, editType, dataType } = render;
  if (technicalType === 'Json') return 'json';
  if (technicalType === 'Unknown' || technicalType === 'Object') return 'readOnly';
  if (technicalType === 'Boolean') return 'checkbox';
  if (values.length > 20) return 'searchableSelect';
  if (values.length > 0) return editType === 'ButtonLike' ? 'radio' : 'select';
  if (technicalType !== 'String') return 'number';
  if (editType === 'TextArea') return 'textArea';
  return (dataType && BY_DATA_TYPE[dataType]) ?? 'text';
}

function part(name: string, property: Property, render: Render, hints: Hints): PartDescription {
  const keys = hints.values?.keys ?? [];
  const list =
    keys === 'countries' ? table.countries : keys === 'languages' ? table.languages : (keys as string[]);
  const allowedValues = list.map((key) => ({
    key,
    displayName: hints.values?.displayName.replace('{key}', key) ?? key,
  }));
  const isText = render.technicalType === 'String';
  return {
    name,
    isRequired: property.required,
    input: inputKind(render, allowedValues),
    technicalType: render.technicalType,
    ...(render.dataType ? { dataType: render.dataType } : {}),
    ...(isText && hints.min ? { minLength: hints.min } : {}),
    ...(isText && hints.max ? { maxLength: hints.max } : {}),
    ...(!isText && hints.min !== undefined ? { min: hints.min } : {}),
    ...(!isText && hints.max !== undefined ? { max: hints.max } : {}),
    ...(hints.pattern ? { pattern: hints.pattern.replace(/^\/|\/i?$/g, '') } : {}),
    ...(allowedValues.length > 0 ? { allowedValues } : {}),
  };
}

function describe(valueType: string, row: Row, kind: 'identity' | 'relationship'): ValueTypeDescription {
  const isComplex = row.renderHints.editType === 'Complex';
  const names = isComplex ? Object.keys(row.renderHints.propertyHints ?? {}) : ['value'];
  const parts = names.flatMap((name) => {
    const property = row.properties[name];
    if (!property) return [];
    const render = isComplex ? (row.renderHints.propertyHints?.[name] ?? row.renderHints) : row.renderHints;
    return [
      part(name, property, render, isComplex ? (row.valueHints.propertyHints?.[name] ?? {}) : row.valueHints),
    ];
  });
  return {
    valueType,
    kind,
    isEditable: !table.editable.uneditable.includes(valueType),
    isComplex,
    isDate: ['day', 'month', 'year'].every((name) => names.includes(name)),
    parts,
  };
}

export const valueTypes: ValueTypeDescription[] = [
  ...Object.entries(table.identityAttributeValues).map(([name, row]) => describe(name, row, 'identity')),
  ...Object.entries(table.relationshipAttributeValues).map(([name, row]) =>
    describe(name, row, 'relationship'),
  ),
];

export const typesByName = new Map(valueTypes.map((type) => [type.valueType, type]));

export function valueType(name: string): ValueTypeDescription {
  const type = typesByName.get(name);
  if (!type) throw new Error(`the core has no value type ${name}`);
  return type;
}
