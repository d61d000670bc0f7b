interface Link {
  rel: string;
  href: string;
}

interface LinkOptions {
  relationships?: readonly string[];
  /** Parent field name → its object, as `Type::id`. */
  parents?: Record<string, string>;
}

/** Clients build most of their URLs from these. The relation says `relationship`, the address `relationships`. */
export function linksOf(type: string, id: string, { relationships = [], parents = {} }: LinkOptions): Link[] {
  const self = `/api/instances/${type}::${id}`;
  return [
    { rel: 'self', href: self },
    ...relationships.map((name) => ({ rel: `/api/${type}/relationship/${name}`, href: `${self}/relationships/${name}` })),
    ...Object.entries(parents).map(([field, parent]) => ({ rel: `/api/parent/relationship/${field}`, href: `/api/instances/${parent}` })),
  ];
}
