/** What the catalogue asks for when nobody has asked for anything else; the box names the question with the page (`preloads.ts`). */
export const FIRST_PAGE = { sort: '-created_at', limit: 40 };
