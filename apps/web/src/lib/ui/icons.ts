/** Drawn on a grid of 24, with lines only. */
export const ICON_PATHS = {
  today: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5V12l3 2',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  waiting: 'M7 3h10M7 21h10M8 3c0 5 3 6 4 9-1 3-4 4-4 9M16 3c0 5-3 6-4 9 1 3 4 4 4 9',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  service: 'M4 7h16M4 12h16M4 17h10',
  team: 'M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20a7 7 0 0 1 14 0',
  hours: 'M5 4v16M5 8h9v5H5M14 11h6v6H5',
  place: 'M12 21s7-6 7-11.5a7 7 0 0 0-14 0C5 15 12 21 12 21M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  activity: 'M3 12h4l3-8 4 16 3-8h4',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 4.5v5M8 14.5v5',
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 8v5M12 16.5v.5M12 3l9.5 17h-19z',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 11v5M12 7.5v.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  out: 'M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9',
  link: 'M14 5h5v5M19 5l-8 8M17 14v5H5V7h5',
}
export type IconName = keyof typeof ICON_PATHS
/** Those that point along the line of writing, and turn with it. */
export const DIRECTED_ICONS: readonly IconName[] = ['back', 'forward', 'out', 'link', 'service']
