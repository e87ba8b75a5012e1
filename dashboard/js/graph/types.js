/**
 * What the server draws, as `dashboard/graphs/drawing.py` writes it.
 *
 * @typedef {[number, number]} Point
 * @typedef {[number, number, number, number]} Bounds left, top, right, bottom
 * @typedef {'model' | 'layer' | 'group' | 'fold' | 'neuron'} BoxKind
 *
 * @typedef {object} Pictogram an operation or a variable inside a layer's box, or one for the whole of it
 * @property {'operation' | 'weights' | 'whole'} kind
 * @property {string} pictogram
 * @property {string} label
 * @property {number} x
 * @property {number} y
 * @property {number} size
 * @property {string} [uoa]
 * @property {string} [sub]
 * @property {string[]} [fits]
 * @property {string} [tip]
 *
 * @typedef {object} Box a unit: its centre, size and texts; `fits` are the tools that can be applied to it
 * @property {string} uoa
 * @property {BoxKind} kind
 * @property {string} name
 * @property {number} x
 * @property {number} y
 * @property {number} w
 * @property {number} h
 * @property {string[]} fits
 * @property {string} tip
 * @property {string} label
 * @property {Record<string, any>} more what is drawn inside, by kind
 * @property {string[]} [members] of a fold: the layers that it stands for
 * @property {{kind: string, sign: string, text: string, height: number}} [mark] what is said of it beside another model
 * @property {string} [twin] the same layer in the model beside
 *
 * @typedef {object} Line an edge from one box to another
 * @property {string} source
 * @property {string} target
 * @property {Point[]} points
 * @property {boolean} horizontal
 * @property {number} [width]
 * @property {string} [color]
 * @property {string} [label]
 * @property {string} [note]
 * @property {string} [tip]
 * @property {boolean} [plain]
 * @property {string} [mark] what it is beside another model
 *
 * @typedef {object} Frame around boxes; `folds`: it can be folded to a box again
 * @property {string} uoa
 * @property {'experiment' | 'model' | 'group' | 'fold'} kind
 * @property {string} name
 * @property {string} color
 * @property {number} x left
 * @property {number} y top
 * @property {number} w
 * @property {number} h
 * @property {string[]} fits
 * @property {boolean} [folds]
 *
 * @typedef {object} Drawing
 * @property {string} key
 * @property {'L3' | 'L2' | 'L1'} level
 * @property {Box[]} nodes
 * @property {Line[]} edges
 * @property {Frame[]} frames
 * @property {Bounds} bounds
 * @property {string} [hint]
 * @property {Comparison} [comparison] where two models stand side by side
 *
 * @typedef {{uoa: string, model: string, name: string, color: string}} Compared
 * @typedef {object} Comparison what is different between two models
 * @property {Compared} before
 * @property {Compared} after
 * @property {string} group what of the models is shown, empty for all
 * @property {{kind: string, sign: string, uoas: string[]}[]} kinds
 * @property {{name: string, before: string, after: string}[]} numbers
 * @property {string} note
 *
 * @typedef {{color: string, ink: string, text: string, tip: string}} Score
 * @typedef {{text: string, color: string, title: string}} Badge
 * @typedef {{name: string, title: string, icon?: string, family?: string}} Tool
 *
 * @typedef {object} Properties what the page tells the inspection panel
 * @property {string} [graph] JSON: a Drawing
 * @property {string} [scores] JSON: Record<string, Score>
 * @property {string} [changes] JSON: Record<string, {note: string, tip: string}>, by the paths of parent and child
 * @property {string} [badges] JSON: Record<string, Badge[]>
 * @property {string} [selected]
 * @property {Tool | null} [tool] the chosen one
 * @property {Tool[]} [tools]
 */
export {};
