// An own Request as the items of a form: what the other side sees, and what its answers are read by.

import type { Ask } from '../bindings/Ask';
import type { AttributeView } from '../bindings/AttributeView';
import type { Candidate } from '../bindings/Candidate';
import type { FieldSettings } from '../bindings/FieldSettings';
import type { FileFacts } from '../bindings/FileFacts';
import type { FormItem } from '../bindings/FormItem';
import type { FormNode } from '../bindings/FormNode';

type Json = { [key: string]: JsonValue };

/** What stands behind the ids that a Request and its answer name. */
export type Behind = {
  attributes: readonly AttributeView[];
  /** Files by their ids. */
  files?: ReadonlyMap<string, FileFacts>;
};

function asRecord(value: JsonValue | undefined): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

const asList = (value: JsonValue | undefined): JsonValue[] => (Array.isArray(value) ? value : []);
const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null);
const number = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null);
const texts = (value: JsonValue | undefined): string[] =>
  asList(value).filter((one): one is string => typeof one === 'string');

function fieldSettings(of: Json): FieldSettings {
  const [min, max] = [number(of['min']), number(of['max'])];
  switch (of['@type']) {
    case 'IntegerFormFieldSettings':
      return { kind: 'integer', unit: text(of['unit']), min, max };
    case 'DoubleFormFieldSettings':
      return { kind: 'double', unit: text(of['unit']), min, max };
    case 'BooleanFormFieldSettings':
      return { kind: 'boolean' };
    case 'DateFormFieldSettings':
      return { kind: 'date' };
    case 'SelectionFormFieldSettings':
      return {
        kind: 'selection',
        options: texts(of['options']),
        allowMultipleSelection: of['allowMultipleSelection'] === true,
      };
    case 'RatingFormFieldSettings':
      return { kind: 'rating', maxRating: number(of['maxRating']) ?? 5 };
    default:
      return { kind: 'string', allowNewlines: of['allowNewlines'] === true, min, max };
  }
}

const candidate = (of: AttributeView): Candidate => ({
  attributeId: of.id,
  value: of.value,
  tags: of.tags,
  isDefault: false,
  createdAt: of.createdAt,
  alreadySharedWithPeer: false,
  sharedWith: 0,
});

/** What a query asks for; `newAttribute` carries the title of an entry that would be made. */
function asked(
  query: Json,
): Pick<Extract<Ask, { kind: 'readAttribute' }>, 'valueType' | 'tags' | 'condition' | 'newAttribute'> {
  const hints = asRecord(query['attributeCreationHints']);
  const valueType = text(query['valueType']) ?? text(hints['valueType']);
  const isRelationship = query['@type'] === 'RelationshipAttributeQuery';
  return {
    valueType,
    tags: texts(query['tags']),
    condition: text(query['queryString']),
    newAttribute:
      valueType === null
        ? null
        : {
            valueType,
            relationshipAttribute: isRelationship
              ? {
                  key: query['key'] ?? '',
                  confidentiality: hints['confidentiality'] ?? 'private',
                  value: {
                    '@type': valueType,
                    title: hints['title'] ?? '',
                    ...(hints['description'] === undefined ? {} : { description: hints['description'] }),
                  },
                }
              : null,
          },
  };
}

function askOf(item: Json, behind: Behind): Ask {
  const known = (id: JsonValue | undefined): AttributeView | undefined =>
    behind.attributes.find((attribute) => attribute.id === id);
  const attribute = asRecord(item['attribute']);
  const query = asRecord(item['query']);
  switch (item['@type']) {
    case 'ReadAttributeRequestItem':
      return { kind: 'readAttribute', ...asked(query), candidates: behind.attributes.map(candidate) };
    case 'ProposeAttributeRequestItem':
      return {
        kind: 'proposeAttribute',
        ...asked(query),
        candidates: behind.attributes.map(candidate),
        proposal: {
          value: attribute['value'] ?? null,
          tags: texts(attribute['tags']),
          key: text(attribute['key']),
          existingAttributeId: null,
          attribute,
        },
      };
    case 'CreateAttributeRequestItem':
      return {
        kind: 'createAttribute',
        value: attribute['value'] ?? null,
        tags: texts(attribute['tags']),
        owner: text(attribute['owner']) ?? '',
        isOwn: !text(attribute['owner']),
        key: text(attribute['key']),
        confidentiality: text(attribute['confidentiality']),
        alreadyKnown: false,
      };
    case 'ShareAttributeRequestItem': {
      // While it is being written only the id is there.
      const view = known(item['attributeId']);
      return {
        kind: 'shareAttribute',
        value: attribute['value'] ?? view?.value ?? null,
        tags: 'tags' in attribute ? texts(attribute['tags']) : (view?.tags ?? []),
        owner: text(attribute['owner']) ?? view?.owner ?? null,
        key: text(attribute['key']) ?? view?.key ?? null,
        thirdParty: text(item['initialAttributePeer']) ?? (view?.key ? view.peer : null),
        alreadyKnown: false,
      };
    }
    case 'DeleteAttributeRequestItem': {
      const view = known(item['attributeId']);
      return {
        kind: 'deleteAttribute',
        attribute: view
          ? {
              attributeId: view.id,
              value: view.value,
              tags: view.tags,
              key: view.key,
              receivedAt: view.createdAt,
              deletionDate: null,
            }
          : null,
      };
    }
    case 'ConsentRequestItem':
      return {
        kind: 'consent',
        consent: text(item['consent']) ?? '',
        link: text(item['link']),
        linkDisplayText: text(item['linkDisplayText']),
      };
    case 'AuthenticationRequestItem':
      return { kind: 'authentication' };
    case 'FormFieldRequestItem':
      return { kind: 'formField', settings: fieldSettings(asRecord(item['settings'])) };
    case 'TransferFileOwnershipRequestItem':
      return {
        kind: 'transferFileOwnership',
        file: behind.files?.get(text(item['fileReference']) ?? '') ?? null,
        problemCode: null,
      };
    default:
      return { kind: 'notSupported', raw: item };
  }
}

function formItem(node: JsonValue, path: number[], behind: Behind): FormItem {
  const item = asRecord(node);
  return {
    path,
    itemType: text(item['@type']) ?? '',
    title: text(item['title']),
    description: text(item['description']),
    mustBeAccepted: item['mustBeAccepted'] === true,
    requiresInteraction: item['requiresInteraction'] === true,
    ask: askOf(item, behind),
    canBeAccepted: true,
  };
}

/** The items and groups of a Request. */
export function nodesOf(request: JsonValue, behind: Behind): FormNode[] {
  return asList(asRecord(request)['items']).map((node, at): FormNode => {
    const record = asRecord(node);
    if (record['@type'] !== 'RequestItemGroup') return { node: 'item', ...formItem(node, [at], behind) };
    return {
      node: 'group',
      title: text(record['title']),
      description: text(record['description']),
      items: asList(record['items']).map((inner, index) => formItem(inner, [at, index], behind)),
    };
  });
}
