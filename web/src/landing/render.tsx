/** Renders the landing page to plain HTML when the studio is built. Nothing here runs in a browser. */
import { renderToStaticMarkup } from "react-dom/server";
import { QUESTIONS } from "./answers";
import { LandingPage } from "./landing-page";
import { inCollage, PreloadCover, type ShowcasePicture } from "./showcase";

const TITLE = "Easel: a studio for pictures made from words";
const DESCRIPTION =
  "Write a sentence, watch the picture being drawn, keep it with everything needed to make it again. Easel is a design studio that you host yourself, with an engine built in.";

export function renderLanding(pictures: readonly ShowcasePicture[]) {
  return {
    body: renderToStaticMarkup(<LandingPage pictures={pictures} />),
    head: renderToStaticMarkup(<Head cover={inCollage(pictures)[0]} />),
  };
}

function Head({ cover }: { cover: ShowcasePicture | undefined }) {
  return (
    <>
      <title>{TITLE}</title>
      <meta name="description" content={DESCRIPTION} />
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content="Easel" />
      <meta property="og:title" content={TITLE} />
      <meta property="og:description" content={DESCRIPTION} />
      {cover ? <PreloadCover picture={cover} /> : null}
      {cover ? <meta property="og:image" content={`/showcase/${cover.file}`} /> : null}
      {cover ? <meta property="og:image:alt" content={cover.prompt} /> : null}
      <meta name="twitter:card" content={cover ? "summary_large_image" : "summary"} />
      <script
        type="application/ld+json"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: our own words, with "<" escaped.
        dangerouslySetInnerHTML={{ __html: JSON.stringify(facts()).replaceAll("<", "\\u003c") }}
      />
    </>
  );
}

function facts() {
  return {
    "@context": "https://schema.org",
    "@graph": [
      {
        "@type": "SoftwareApplication",
        name: "Easel",
        description: DESCRIPTION,
        applicationCategory: "DesignApplication",
        operatingSystem: "Linux, macOS, Windows",
        license: "https://opensource.org/license/mit",
      },
      {
        "@type": "FAQPage",
        mainEntity: QUESTIONS.map(({ question, answer }) => ({
          "@type": "Question",
          name: question,
          acceptedAnswer: { "@type": "Answer", text: answer },
        })),
      },
    ],
  };
}
