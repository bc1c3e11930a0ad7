// A contract file that fails while it is loaded.
throw new Error("the secret is not set");
