import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { Spinner } from "./spinner";

/** For links that look like buttons: `<Link className={buttonVariants({ variant: "secondary" })}>`. */
export const buttonVariants = cva(
  "relative inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-[background-color,border-color,box-shadow,scale] duration-200 ease-studio select-none active:scale-[0.98] aria-disabled:pointer-events-none aria-disabled:opacity-55 disabled:pointer-events-none disabled:opacity-55 [&_svg]:pointer-events-none [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground shadow-card hover:bg-primary-hover",
        secondary: "border border-border bg-card text-foreground shadow-card hover:bg-accent",
        ghost: "text-foreground hover:bg-accent data-popup-open:bg-accent",
        danger: "bg-destructive text-destructive-foreground shadow-card hover:bg-destructive-hover",
        link: "h-auto! px-0! text-primary-text underline-offset-4 hover:underline active:scale-100",
      },
      size: {
        sm: "h-8 px-3 text-sm",
        md: "h-10 px-4 text-sm",
        lg: "h-12 px-6 text-base",
        icon: "size-10 [&_svg]:size-5",
        "icon-sm": "size-8",
      },
    },
    defaultVariants: { variant: "primary", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonVariants> & {
    /** What the button is doing right now, such as "Saving…". It keeps focus and takes no clicks meanwhile. */
    working?: string | false | undefined;
  };

export function Button({
  variant,
  size,
  className,
  working,
  onClick,
  children,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-disabled={working ? true : props["aria-disabled"]}
      aria-busy={working ? true : undefined}
      onClick={working ? (event) => event.preventDefault() : onClick}
      className={cn(buttonVariants({ variant, size }), className)}
    >
      {working ? (
        <>
          <Spinner /> {working}
        </>
      ) : (
        children
      )}
    </button>
  );
}
