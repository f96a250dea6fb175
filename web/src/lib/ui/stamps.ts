/** Line drawings for covers: 100 by 44. The first six are given by the hash of a course; the others are chosen. */
export const stamps = {
	arcs: '<path d="M4 40a40 36 0 0 1 80 0M14 40a30 27 0 0 1 60 0M24 40a20 18 0 0 1 40 0M34 40a10 9 0 0 1 20 0"/>',
	steps: '<path d="M4 40h18V30h18V20h18V10h18V4"/><path d="M4 34h12V24h18V14h18V4" stroke-dasharray="1.5 2.5"/>',
	rings: '<circle cx="22" cy="22" r="18"/><circle cx="42" cy="22" r="18"/><circle cx="62" cy="22" r="18"/>',
	field: '<path d="M4 6h80M4 15h80M4 24h80M4 33h80M4 42h80M20 6v9M52 6v9M36 15v9M68 15v9M20 24v9M52 24v9M36 33v9M68 33v9"/>',
	knot: '<path d="M4 22C16 2 28 2 40 22s24 20 36 0M4 22c12 20 24 20 36 0S64 2 76 22"/>',
	sun: '<path d="M4 40h84M26 40a20 20 0 0 1 40 0M46 14V4M30 18l-5-8M62 18l5-8M19 29l-9-5M73 29l9-5"/>',
	stat: '<path d="M2 42H98"/><path d="M2 42C28 42 32 4 50 4S72 42 98 42"/><path d="M50 4V42M36 20V42M64 20V42" stroke-dasharray="1.5 2.5"/>',
	shell: '<path d="m4 8 14 14L4 36M24 38H52" stroke-width="2"/>',
	camera: '<circle cx="24" cy="22" r="20"/><path d="m24 2 9 15M43 16 26 17M40 36 31 21M24 42 15 27M5 28l17-1M8 8l9 15"/>',
	semester: '<path d="M6 4v36M6 14c0 8 20 4 20 14M26 28v12M6 4c0 0 0 0 0 0"/><circle cx="6" cy="4" r="3" class="f"/><circle cx="6" cy="40" r="3" class="f"/><circle cx="26" cy="40" r="3" class="f"/>',
	python: '<path d="M4 40C16 4 30 44 44 16S74 40 96 6"/><path d="M4 6v34h92"/>',
	tree: '<path d="M50 3v8M50 11 26 22M50 11l24 11M26 22 14 36M26 22l12 14M74 22 62 36M74 22l12 14"/><g class="f"><circle cx="14" cy="38" r="3" class="f"/><circle cx="38" cy="38" r="3" class="f"/><circle cx="62" cy="38" r="3" class="f"/><circle cx="86" cy="38" r="3" class="f"/></g>',
	bread: '<path d="M8 40V22C0 18 4 4 18 4h44c14 0 18 14 10 18v18zM24 14l8 8M40 14l8 8M56 14l8 8"/>',
	wave: '<path d="M2 22h8l4-14 8 30 8-36 8 40 8-34 7 24 6-16 5 6h32"/>',
	type: '<path d="M4 40 22 4l18 36M11 27h22M56 40V14M56 22c2-6 8-9 14-8 8 1 9 6 9 10v16M79 28c-14-2-22 2-22 7s16 7 22-2"/>',
	plan: '<path d="M4 4h52v36H4zM4 20h22v20M40 4v16h16M70 4v36M64 4h12M64 40h12"/>'
} as const;

export type StampName = keyof typeof stamps;
