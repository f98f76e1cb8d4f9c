/** What people ask first. Also told to search engines, so plain text only. */
export const QUESTIONS = [
  {
    question: "Is Sketch an AI model?",
    answer:
      "No. Sketch is a drawing procedure: it reads your words for colours, places and moods and paints with mathematics. It is quick, free and repeatable, and it makes every part of the studio work on a fresh machine.",
  },
  {
    question: "What do I need to run Easel?",
    answer:
      "One machine with Python. The database is built in, pictures are files on your disk, and the built-in engine needs neither a graphics card nor a network.",
  },
  {
    question: "Where are my pictures?",
    answer:
      "On the machine that runs Easel. Originals are kept byte for byte as they were made, and nothing is sent anywhere when you draw with the built-in engine.",
  },
  {
    question: "Can I make the same picture again?",
    answer:
      "Yes. Each picture keeps its prompt, its seed and its settings. With the built-in engine the same seed and settings give the same pixels.",
  },
  {
    question: "What happens when the machine restarts while a picture is being drawn?",
    answer:
      "The queue is in the database, so nothing that you asked for is lost. Easel goes on where it stopped as soon as it is up again.",
  },
] as const;
