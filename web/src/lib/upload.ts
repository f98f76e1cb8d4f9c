/** Sending a file with news of how far it is, which fetch does not tell. */
import { Problem, toProblem } from "./problem";

/** Posts `file` as the part `file` and answers the JSON that came back; throws a Problem. `onProgress` gets 0 to 100. */
export function upload<Answer>(
  url: string,
  file: Blob,
  onProgress: (percent: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(Math.round((loaded / total) * 100));
    };
    request.onload = () => {
      const body = json(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(body as Answer);
      else reject(toProblem(body, new Response(null, { status: request.status })));
    };
    request.onerror = () => reject(toProblem(undefined));
    request.onabort = () => reject(new Problem({ status: 0, title: "Stopped" }));
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
