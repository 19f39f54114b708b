// Syntax and imports that a Node of long ago understands: this runs before anything else is looked at.

/** The Node that Winnow is made for: the first whose zlib has zstd for good. */
export var NEEDED_MAJOR = 24;

/**
 * What is wrong with this Node, as one line, or '' where nothing is.
 *
 * @param {string} version as in `process.versions.node`
 * @param {boolean} hasZstd whether `zlib` has `zstdCompressSync`
 */
export function nodeProblem(version, hasZstd) {
  var what = '';
  if (!(parseInt(version, 10) >= NEEDED_MAJOR))
    what = 'needs Node ' + NEEDED_MAJOR + ' or later, this is Node ' + version;
  else if (!hasZstd) what = 'needs a Node whose zlib has zstd, this build of Node ' + version + ' has none';
  if (what === '') return '';
  return (
    'winnow: ' +
    what +
    ': run it as `npx winnow` inside the project, which brings its own, or install Node ' +
    NEEDED_MAJOR
  );
}
