/** Line drawings for covers: 100 by 44, one line weight, drawn from the left, of nothing in particular. The hash of a course gives it one. */
export const stamps = {
	arcs: '<path d="M4 40a40 36 0 0 1 80 0M14 40a30 27 0 0 1 60 0M24 40a20 18 0 0 1 40 0M34 40a10 9 0 0 1 20 0"/>',
	steps: '<path d="M4 40h18V30h18V20h18V10h18V4"/><path d="M4 34h12V24h18V14h18V4" stroke-dasharray="1.5 2.5"/>',
	rings: '<circle cx="22" cy="22" r="18"/><circle cx="42" cy="22" r="18"/><circle cx="62" cy="22" r="18"/>',
	field: '<path d="M4 6h80M4 15h80M4 24h80M4 33h80M4 42h80M20 6v9M52 6v9M36 15v9M68 15v9M20 24v9M52 24v9M36 33v9M68 33v9"/>',
	knot: '<path d="M4 22C16 2 28 2 40 22s24 20 36 0M4 22c12 20 24 20 36 0S64 2 76 22"/>',
	sun: '<path d="M4 40h84M26 40a20 20 0 0 1 40 0M46 14V4M30 18l-5-8M62 18l5-8M19 29l-9-5M73 29l9-5"/>',
	tree: '<path d="M50 3v8M50 11 26 22M50 11l24 11M26 22 14 36M26 22l12 14M74 22 62 36M74 22l12 14"/><g class="f"><circle cx="14" cy="38" r="3" class="f"/><circle cx="38" cy="38" r="3" class="f"/><circle cx="62" cy="38" r="3" class="f"/><circle cx="86" cy="38" r="3" class="f"/></g>',
	hills: '<path d="M4 40 30 8l16 20 12-14 30 26zM22 18l8 6 7-7"/>',
	weave: '<path d="M4 4 40 40M22 4l36 36M40 4l36 36M40 4 4 40M58 4 22 40M76 4 40 40"/>',
	fan: '<path d="M46 42 4 30M46 42 10 16M46 42 26 6M46 42V2M46 42 66 6M46 42l36-26M46 42l42-12M30 36a18 18 0 0 1 32 0"/>',
	waves: '<path d="M4 10c7-8 14-8 21 0s14 8 21 0 14-8 21 0 14 8 21 0M4 23c7-8 14-8 21 0s14 8 21 0 14-8 21 0 14 8 21 0M4 36c7-8 14-8 21 0s14 8 21 0 14-8 21 0 14 8 21 0"/>',
	moons: '<circle cx="46" cy="22" r="14"/><path d="M18 12a10 10 0 1 0 0 20 13 13 0 0 1 0-20zM74 12a10 10 0 1 1 0 20 13 13 0 0 0 0-20z"/>'
} as const;

export type StampName = keyof typeof stamps;
