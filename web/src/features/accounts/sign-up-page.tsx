import { zodResolver } from "@hookform/resolvers/zod";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useForm } from "react-hook-form";
import { signInOptionsOptions } from "@/api/@tanstack/react-query.gen";
import type { ProviderOut, SignedIn, SignInMethods } from "@/api/types.gen";
import { showProblem } from "@/lib/form-errors";
import { usePageTitle } from "@/lib/page-title";
import { Alert } from "@/ui/alert";
import { Button, buttonVariants } from "@/ui/button";
import { Field } from "@/ui/field";
import { Input } from "@/ui/input";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/password-input";
import { AuthLayout } from "./auth-layout";
import { type SignUpForm as Fields, signUpForm } from "./fields";
import { ProviderButtons } from "./provider-buttons";
import { ProviderOnly } from "./provider-only";
import { useRegister } from "./session";

type SignUpPageProps = {
  next?: string | undefined;
  methods?: SignInMethods | undefined;
  onSignedIn: () => void;
};

export function SignUpPage({ methods, ...props }: SignUpPageProps) {
  if (methods?.passwords === false) return <ProviderOnly methods={methods} next={props.next} />;
  return <SignUpForm providers={methods?.providers ?? []} {...props} />;
}

type SignUpFormProps = Omit<SignUpPageProps, "methods"> & { providers: readonly ProviderOut[] };

function SignUpForm({ providers, next, onSignedIn }: SignUpFormProps) {
  usePageTitle("Sign up");
  const signUp = useRegister();
  const { register, handleSubmit, setError, formState } = useForm<Fields>({
    resolver: zodResolver(signUpForm),
    defaultValues: { name: "", email: "", password: "" },
  });
  const { errors } = formState;
  const options = useQuery({ ...signInOptionsOptions(), staleTime: Number.POSITIVE_INFINITY });
  const welcome = ({ user }: SignedIn) => {
    if (options.data?.mail)
      notify({
        kind: "info",
        title: "Confirm your address",
        description: `We sent a mail with a link to ${user.email}.`,
        timeout: 15_000,
      });
    onSignedIn();
  };
  const submit = handleSubmit((values) =>
    signUp
      .mutateAsync({ body: values })
      .then(welcome, (error) => showProblem(error, ["name", "email", "password"], setError)),
  );

  return (
    <AuthLayout
      title="Create your account"
      lead="Your first picture is one sentence away."
      footer={
        <>
          Already have an account?{" "}
          <Link to="/log-in" search={{ next }} className={buttonVariants({ variant: "link" })}>
            Log in
          </Link>
        </>
      }
    >
      <form onSubmit={submit} noValidate className="grid gap-5">
        {errors.root?.message ? <Alert kind="error">{errors.root.message}</Alert> : null}
        <ProviderButtons providers={providers} next={next} divided />
        <Field label="Name" error={errors.name?.message}>
          {(control) => <Input {...control} {...register("name")} autoComplete="name" />}
        </Field>
        <Field label="E-mail" error={errors.email?.message}>
          {(control) => (
            <Input {...control} {...register("email")} type="email" autoComplete="username" />
          )}
        </Field>
        <Field
          label="Password"
          error={errors.password?.message}
          help={errors.password ? undefined : "At least 8 characters."}
        >
          {(control) => (
            <PasswordInput {...control} {...register("password")} autoComplete="new-password" />
          )}
        </Field>
        <Button type="submit" working={formState.isSubmitting && "Creating your account…"}>
          Sign up
        </Button>
      </form>
    </AuthLayout>
  );
}
