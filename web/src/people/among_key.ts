// Where the device keeps whether the visitor was among people when the page was last open: 'here' or 'off', nothing else.
export const kAmongKey = 'citiverse.people';
