/** A quiet landscape, drawn in the colours of the studio. */
export function Artwork() {
  return (
    <svg
      viewBox="0 0 560 460"
      aria-hidden="true"
      className="w-full rounded-3xl border shadow-overlay"
      preserveAspectRatio="xMidYMid slice"
    >
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#312e81" />
          <stop offset="0.45" stopColor="#7c3aed" />
          <stop offset="0.8" stopColor="#f472b6" />
          <stop offset="1" stopColor="#fde68a" />
        </linearGradient>
        <linearGradient id="water" x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="#c4b5fd" />
          <stop offset="1" stopColor="#4c1d95" />
        </linearGradient>
      </defs>
      <rect width="560" height="460" fill="url(#sky)" />
      <circle cx="372" cy="206" r="54" fill="#fef3c7" opacity="0.95" />
      <path
        d="M0 268 96 176l72 62 92-112 104 128 62-58 134 104v180H0z"
        fill="#5b21b6"
        opacity="0.55"
      />
      <path d="M0 300 120 226l86 58 118-92 110 98 126-52v222H0z" fill="#4c1d95" opacity="0.8" />
      <rect y="318" width="560" height="142" fill="url(#water)" />
      <path
        d="M318 336h108M300 356h144M326 378h92M346 402h58"
        stroke="#fef3c7"
        strokeWidth="5"
        strokeLinecap="round"
        opacity="0.75"
      />
      <path d="M0 318h560v10c-90 8-170-6-280 2S90 336 0 330z" fill="#2e1065" opacity="0.6" />
    </svg>
  );
}
