/** An app with a mistake that shows when it is loaded. */
throw new Error('this app fails while it is loaded')
