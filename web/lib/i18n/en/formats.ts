/** Words inside times and amounts. */
export const formats = {
  seconds: (n: string) => `${n} s`,
  minutes: (n: string) => `${n} min`,
  hours: (n: string) => `${n} h`,
  days: (n: string, isOne: boolean) => (isOne ? `${n} day` : `${n} days`),
  ago: (duration: string) => `${duration} ago`,
  justNow: 'just now',
  yesterday: (time: string) => `yesterday ${time}`,
  tomorrow: (time: string) => `tomorrow ${time}`,
  dayAndTime: (day: string, time: string) => `${day}, ${time}`,
}
