/** What the forms of the settings check before they ask the server, by the same rules as the sign-up. */
import * as z from "zod/mini";
import { signUpForm } from "./fields";

export const nameForm = z.object({ name: signUpForm.shape.name });

export const passwordForm = z.object({
  current_password: z.string().check(z.minLength(1, "Enter your current password.")),
  new_password: signUpForm.shape.password,
});

export const emailForm = z.object({
  email: signUpForm.shape.email,
  current_password: z.string().check(z.minLength(1, "Enter your password.")),
});

export type EmailForm = z.infer<typeof emailForm>;
export type NameForm = z.infer<typeof nameForm>;
export type PasswordForm = z.infer<typeof passwordForm>;
