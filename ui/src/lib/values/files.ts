// What can be told about a file from its name, and where a value names one.

const RUNS =
  /\.(app|apk|bat|cmd|com|deb|desktop|dmg|exe|hta|jar|js|jse|lnk|msi|msix|pif|ps1|py|reg|rpm|scr|sh|vbe|vbs|wsf|xll|docm|xlsm|pptm)$/i;

/** Whether opening the file may run a program. A hint for the reader, not a protection. */
export function canRun(filename: string): boolean {
  return RUNS.test(filename.trim());
}

/** The id of the file that a value stands for; what was typed, if it stands for none. */
export function fileIn(value: JsonValue): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const isFile = value['@type'] === 'IdentityFileReference' || value['@type'] === 'ProprietaryFileReference';
  return isFile && typeof value['value'] === 'string' ? value['value'] : null;
}

/** Whether this is the id of a file: what stands for one that was chosen here or is known. */
export const isFileId = (text: string): boolean => /^FIL[A-Za-z0-9]{17}$/.test(text);
