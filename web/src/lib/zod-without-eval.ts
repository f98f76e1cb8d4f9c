/** Imported wherever a schema is made: zod would otherwise try to compile with eval, which the content policy refuses. */
import { config } from "zod/mini";

config({ jitless: true });
