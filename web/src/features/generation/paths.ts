/** The page of one picture. */
export const imagePath = (id: string): string => `/images/${id}`;
