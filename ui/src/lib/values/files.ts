// What can be told about a file from its name, and where a value names one.

const RUNS =
  /\.(app|apk|bat|cmd|com|deb|desktop|dmg|exe|hta|jar|js|jse|lnk|msi|msix|pif|ps1|py|reg|rpm|scr|sh|vbe|vbs|wsf|xll|docm|xlsm|pptm)$/i;

/** Whether opening the file may run a program. A hint for the reader, not a protection. */
export function canRun(filename: string): boolean {
  return RUNS.test(filename.trim());
}

/** The reference that a value holds, if it stands for a file. */
export function fileReference(value: JsonValue): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const isFile = value['@type'] === 'IdentityFileReference' || value['@type'] === 'ProprietaryFileReference';
  return isFile && typeof value['value'] === 'string' ? value['value'] : null;
}
