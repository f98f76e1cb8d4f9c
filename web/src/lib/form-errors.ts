/** Puts what the server found wrong beside the fields it found it in; the rest is for the form as a whole. */
import type { FieldPath, FieldValues, UseFormSetError } from "react-hook-form";
import { Problem, reasonOf } from "./problem";

export type Placed<Name extends string> = {
  fields: { name: Name; message: string }[];
  form: string | null;
};

/** "body.password" and "password" both belong to the field "password"; "items.0.name" to itself if it is a field. */
export function placeErrors<Name extends string>(
  error: unknown,
  names: readonly Name[],
): Placed<Name> {
  if (!(error instanceof Problem) || error.fields.length === 0)
    return { fields: [], form: reasonOf(error) };
  const fields: Placed<Name>["fields"] = [];
  const rest: string[] = [];
  for (const { field, message } of error.fields) {
    const name = names.find(
      (each) => field === each || field === `body.${each}` || field === `/${each}`,
    );
    if (!name) rest.push(field === "" ? message : `${field}: ${message}`);
    else if (!fields.some((placed) => placed.name === name)) {
      fields.push({ name, message: sentence(message) });
    }
  }
  return { fields, form: rest.length > 0 ? rest.join(" ") : null };
}

/** The same for React Hook Form: the first wrong field is focused, the form's own message is under `errors.root`. */
export function showProblem<Values extends FieldValues>(
  error: unknown,
  names: readonly FieldPath<Values>[],
  setError: UseFormSetError<Values>,
): void {
  const { fields, form } = placeErrors(error, names);
  fields.forEach(({ name, message }, index) => {
    setError(name, { type: "server", message }, { shouldFocus: index === 0 });
  });
  if (form !== null) setError("root", { type: "server", message: form });
}

/** "is too common" → "Is too common." */
function sentence(words: string): string {
  const begun = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
