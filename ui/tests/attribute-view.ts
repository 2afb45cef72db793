import type { AttributeView } from '../src/lib/bindings/AttributeView';

/** Whose wallet it is. */
export const ME = 'did:e:localhost:dids:aaaa';

/** An own value as the core shows it. */
export function view(
  id: string,
  value: { '@type': string; [part: string]: JsonValue },
  more: Partial<AttributeView> = {},
): AttributeView {
  return {
    id,
    owner: ME,
    valueType: value['@type'],
    value,
    tags: [],
    key: null,
    isDefault: false,
    createdAt: '2026-11-01T10:00:00.000Z',
    version: 1,
    sharedWith: [],
    sharedCount: 0,
    label: null,
    peer: null,
    thirdParty: null,
    confidentiality: null,
    isTechnical: false,
    deletion: null,
    ...more,
  };
}
