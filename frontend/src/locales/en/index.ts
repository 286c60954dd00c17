import accounts from "./accounts.json";
import campaigns from "./campaigns.json";
import common from "./common.json";
import connectors from "./connectors.json";
import contacts from "./contacts.json";
import security from "./security.json";
import tickets from "./tickets.json";

export default { accounts, campaigns, common, connectors, contacts, security, tickets };
