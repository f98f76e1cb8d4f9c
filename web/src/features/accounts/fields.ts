/** What the forms check before they ask the server, whose word is final. */
import * as z from "zod/mini";
import "@/lib/zod-without-eval";

const MIN_PASSWORD = 8;
const MAX_PASSWORD = 1000;
const MAX_NAME = 100;

const email = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, "Enter your e-mail address."),
    z.email("Enter an address like name@example.com."),
  );

export const logInForm = z.object({
  email,
  password: z.string().check(z.minLength(1, "Enter your password.")),
});

export const signUpForm = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, "Enter a name."),
      z.maxLength(MAX_NAME, `Use at most ${MAX_NAME} characters.`),
    ),
  email,
  password: z
    .string()
    .check(
      z.minLength(MIN_PASSWORD, `Use at least ${MIN_PASSWORD} characters.`),
      z.maxLength(MAX_PASSWORD, `Use at most ${MAX_PASSWORD} characters.`),
    ),
});

export const forgotForm = z.object({ email });

export const resetForm = z.object({ new_password: signUpForm.shape.password });

export type ForgotForm = z.infer<typeof forgotForm>;
export type ResetForm = z.infer<typeof resetForm>;
export type LogInForm = z.infer<typeof logInForm>;
export type SignUpForm = z.infer<typeof signUpForm>;
