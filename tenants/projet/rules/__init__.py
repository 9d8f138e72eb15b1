"""Pure rules of a grappe's project: who may apply, what may be added up, where the guide's tree leads."""
