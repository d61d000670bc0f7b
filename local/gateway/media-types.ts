const plain = (mediaType: string): string => mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Whether API Gateway treats the media type as binary; the list may have `*` for a type or a subtype. */
export function isBinary(binaryMediaTypes: readonly string[], mediaType: string): boolean {
  const [type, subtype] = plain(mediaType).split('/');
  return binaryMediaTypes.some((each) => {
    const [wantedType, wantedSubtype] = plain(each).split('/');
    return (wantedType === '*' || wantedType === type) && (wantedSubtype === '*' || wantedSubtype === subtype);
  });
}
