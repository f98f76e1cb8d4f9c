/** Files out of what is dropped, pasted or chosen, folders and all. */
const PICTURE = /\.(png|jpe?g|jfif|webp|avif|gif)$/i;

/** Whether something dragged holds files. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}

/** The files of a drop, those of its folders too. Of folders only pictures are taken: they hold other things. */
export async function gather(data: DataTransfer): Promise<File[]> {
  const files: File[] = [];
  // All at once: after the first wait the browser has forgotten what was dropped.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else if (entry?.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
    else if (entry?.isDirectory) files.push(...(await filesIn(entry as FileSystemDirectoryEntry)));
  }
  return files;
}

/** The pictures among the files of a chosen folder, by their names. */
export function picturesOf(files: Iterable<File>): File[] {
  return [...files].filter(({ name }) => PICTURE.test(name) && !name.startsWith("."));
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const found: File[] = [];
  const reader = folder.createReader();
  // A reader tells its entries by the hundred.
  for (let entries = await some(reader); entries.length > 0; entries = await some(reader)) {
    for (const entry of entries) {
      if (entry.isDirectory) found.push(...(await filesIn(entry as FileSystemDirectoryEntry)));
      else found.push(...picturesOf([await fileOf(entry as FileSystemFileEntry)]));
    }
  }
  return found;
}

function some(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
